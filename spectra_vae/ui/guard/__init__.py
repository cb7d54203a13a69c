"""What stands between the network and the page: names, headers, sizes, shapes, persons."""
