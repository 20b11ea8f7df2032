import sys

from setuptools import Extension, setup

setup(
    name="greet",
    version="1.0",
    ext_modules=[
        Extension(
            "greetings",
            ["greet.c"],
            # So that the functions of Python's are found.
            libraries=["python%d.%d" % sys.version_info[:2]],
            # So that one file is enough for all versions.
            py_limited_api=True,
        ),
    ],
    # So that type checkers read greet.pyi.
    packages=[],
)
