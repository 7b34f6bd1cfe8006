/** What stands before the name of a field, in the names of the form that says which column is which. */
export const columnPrefix = "column.";
/** The same for what all rows say. */
export const valuePrefix = "value.";
