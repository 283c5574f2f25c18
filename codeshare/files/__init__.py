"""What kind of file a path is: classes, languages, attributes and the headers of generated files."""
