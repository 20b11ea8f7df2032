"""Builds the extension module: `python setup.py build` puts it under build/lib*, `pip install .` installs it.

What it is called, who may use it and so on is in pyproject.toml.
"""

import os
import shutil
import sys
import sysconfig

# Before anything that an old Python could not even read.
if sys.version_info < (3, 9):
    sys.exit("hashtable needs Python 3.9 or newer; this is Python %d.%d." % sys.version_info[:2])
if sys.implementation.name != "cpython":
    sys.exit("hashtable is written against the C API of CPython; this is %s." % sys.implementation.name)
if sys.version_info < (3, 14) and sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit(
        "hashtable needs a GIL before Python 3.14; this is Python %d.%d without one." % sys.version_info[:2]
    )
if shutil.which(os.environ.get("CARGO", "cargo")) is None:
    sys.exit("hashtable is built from Rust, and there is no cargo on the PATH: see https://rustup.rs.")

from setuptools import setup
from setuptools_rust import Binding, RustExtension, Strip

# The C library is called libhashtable.so too: each in a directory of its own, they cannot overwrite each
# other. And one for each Python, so that switching between them does not build everything again.
target_dir = os.path.join(
    os.environ.get("CARGO_TARGET_DIR", "target"), "extension", sysconfig.get_config_var("SOABI") or "python"
)

# Before 3.14, when the interpreter ends, a daemon thread that wants it again is unwound from where it is: by
# way of our functions, if a hash function was at work. Rust's unwinding, which turns a panic of ours into a
# SystemError, takes that for a broken exception, and ends the process with a signal. So for these versions it
# is left out: a panic ends the process, and the thread can go. From 3.14 on such a thread is kept waiting.
panic = "abort" if sys.version_info < (3, 14) else "unwind"


def extension(name, feature, profile):
    config = 'profile.%s.panic="%s"' % (profile, panic)
    return RustExtension(
        name,
        # No binding generator: the module initialises itself.
        binding=Binding.NoBinding,
        features=[feature],
        args=[
            "--profile=" + profile,
            "--no-default-features",
            "--target-dir",
            target_dir,
            "--config",
            config,
        ],
        cargo_manifest_args=["--locked"],
        debug=False,
        strip=Strip.No,
    )


# The same source twice: once to be used, and once under glass. HASHTABLE_LAB=no does without the second,
# where only the first is wanted.
extensions = [extension("hashtable", "python", "release")]
if os.environ.get("HASHTABLE_LAB") != "no":
    extensions.append(extension("hashtable_lab._glass", "lab", "lab"))

setup(
    rust_extensions=extensions,
    zip_safe=False,
)
