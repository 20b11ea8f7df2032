"""`htlab explore`: a page in the browser that shows a table while it works, and the small server behind it."""
