/** Most items of one page. */
export const maxPageSize = 200;
/** Items of a page when the caller does not say. */
export const defaultPageSize = 50;
