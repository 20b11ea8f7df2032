"""The exercises of the walkthrough, a folder for each: `start`, which the learner gets a copy of, and
`grade.py`, which looks at what the learner has made of it."""
