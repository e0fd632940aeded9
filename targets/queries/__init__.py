"""What is read of the target table: by the API, the pages and the papers alike."""
