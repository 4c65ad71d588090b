/** The version that is printed, served and journaled; a test holds it to package.json. */
export const VERSION = '0.1.0';
