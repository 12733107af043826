"""The catalogue: one folder a patch, each a document that reads as a page. See sio_patch.catalogue for the loader."""
