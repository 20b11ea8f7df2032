"""The table under glass: see its layers talk, see every reference, crash it and leak it in safety.

`python -m hashtable_lab`, or `htlab`, is the way in. `hashtable_lab.refs.show_ref_counts` is for your own
programs.
"""
