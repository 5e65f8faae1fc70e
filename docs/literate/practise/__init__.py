"""What a reader does on a page: answer questions, and write lines of the program. What is right is found by running."""
