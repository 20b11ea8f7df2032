"""`htlab explore`: a page in the browser that shows a table at work, and the small server behind it."""
