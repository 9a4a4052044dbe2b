"""What all pages and the API share: one transaction a request, problems, event streams, who may call."""
