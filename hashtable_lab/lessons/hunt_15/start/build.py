"""Compiles the C file beside it into a module for this Python. Words behind it are for the compiler."""

import glob
import subprocess
import sys
import sysconfig

(source,) = glob.glob("*.c")
module = source[:-2] + sysconfig.get_config_var("EXT_SUFFIX")
flags = ["-shared", "-fPIC", "-g", "-Wall", "-I" + sysconfig.get_path("include"), *sys.argv[1:]]
subprocess.run(["cc", *flags, source, "-o", module], check=True)
