import { cache } from "react";
import { getStoreSettings } from "@/lib/store-settings";

/** The store's settings as they were at the start of this request; asked of the database at most once a request. */
export const currentSettings = cache(() => getStoreSettings());
