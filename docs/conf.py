"""Settings of the documentation: ``sphinx-build -W -n -b html docs docs/_build/html``."""

from __future__ import annotations

from importlib.metadata import version as installed_version

project = "threadparse"
author = "threadparse contributors"
copyright = "2026, threadparse contributors"
version = release = installed_version("threadparse")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 2

autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Fields are listed once, under their class; their types are in its signature, a line each.
napoleon_use_ivar = True
napoleon_attr_annotations = False
python_maximum_signature_line_length = 100
# Parts of the data files that are not public.
nitpick_ignore = [
    ("py:class", "threadparse._headershapes.HeaderShape"),
    ("py:class", "threadparse._timewords.TimeWords"),
]
# The documentation is built without a network, so other projects' names are not links.
nitpick_ignore_regex = [("py:.*", r"(?!threadparse).*")]

html_theme = "furo"
html_title = f"threadparse {release}"
