/** What others put into a page. */

interface Window {
  /** Where the site begins: Material's. */
  __md_scope: string | URL;
  /** Each page that instant navigation has brought: Material's. */
  document$?: { subscribe(next: () => void): void };
  /** Called by a file that lies on the disk as a script, with its text. */
  fetched(source: string, text: string): void;
}

interface Navigator {
  /** Not in every browser. */
  connection?: { saveData: boolean };
}
