"""函件: templates, letters as they were issued, and how they went out."""
