"""What a reader does on a page: answer questions, write lines of the program, and run fences. A run says what is right."""
