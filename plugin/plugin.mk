# The plug-in for whichever GIMP pkg-config finds, both where both are.
plugins:
.PHONY: plugins
