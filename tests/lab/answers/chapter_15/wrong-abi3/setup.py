from setuptools import Extension, setup

setup(
    name="greet",
    version="1.0",
    ext_modules=[Extension("greet", ["greet.c"], py_limited_api=True)],
    packages=["greet-stubs"],
    package_data={"greet-stubs": ["*.pyi"]},
)
