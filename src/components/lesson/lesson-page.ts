// Placeholder for the loader.
export {};
