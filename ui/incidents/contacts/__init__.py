"""通讯录, waiting and 通报 in the window."""
