"""The site: `make docs` makes it, into target/docs."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

project = "hashtable"
author = "the authors of hashtable"
copyright = "the authors of hashtable, MIT licence"
release = re.search(r'^version = "(.*)"$', (HERE.parent / "Cargo.toml").read_text(), re.MULTILINE)[1]

extensions = ["myst_parser", "sphinx_copybutton", "sphinx_design", "machinery.extension"]
exclude_patterns = ["machinery", "_*"]
# A link that leads nowhere is an error. In a signature each type is a link; these are explained on no page.
nitpicky = True
nitpick_ignore = [
    *(("py:class", name) for name in ("K", "V", "T", "K1", "V1", "HasKeysAndItems")),
    *(("py:class", name) for name in ("GenericAlias", "MappingProxyType", "Self")),
    *(("c:identifier", name) for name in ("size_t", "uint16_t", "uint32_t", "uint64_t")),
]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 3

# In the margin a method is a name among its own.
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"hashtable {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
# There is one module.
html_domain_indices = False
html_theme_options = {"navigation_with_keys": True}

# Only what is typed is copied, and not what was printed.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
copybutton_line_continuation_character = "\\"
