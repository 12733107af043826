"""All disk access: copies in node_modules, receipts, safe writes."""
