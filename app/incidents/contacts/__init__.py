"""联系记录: whom an incident is spoken about with."""
