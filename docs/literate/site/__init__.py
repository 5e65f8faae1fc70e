"""What each generator needs: the Markdown extension, the census of the HTML, MkDocs' plugin, the notebook."""
