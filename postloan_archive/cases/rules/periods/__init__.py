"""Every period of group B as rows of dated tables, by stage of the case."""
