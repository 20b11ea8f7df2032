"""What makes the site of the pages: runs what they show, compares it, and draws what they draw."""
