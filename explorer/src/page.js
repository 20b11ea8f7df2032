// The page of `htlab explore`. A notebook's widget uses the same app.js, by another door.
import { page } from "./app.js";

page();
