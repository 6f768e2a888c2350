// Open Archive
