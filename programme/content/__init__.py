class Content: pass
