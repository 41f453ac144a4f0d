"""通讯录、联系记录、等待回复与通报: whom an incident is spoken about with."""
