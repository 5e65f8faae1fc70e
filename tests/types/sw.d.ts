/** What a service worker has and another worker has not, and what the publisher writes in front of this one. */

declare const registration: ServiceWorkerRegistration;
declare const clients: Clients;
declare function skipWaiting(): Promise<void>;

declare const VERSION: string;
declare const HASHED: RegExp;
/** The digest of each file, by its path. */
declare const FILES: Map<string, string>;
