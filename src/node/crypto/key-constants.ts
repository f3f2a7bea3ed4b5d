/** Numbers that Node's JavaScript and its native layer share about keys. */
export const kKeyTypeSecret = 0;
export const kKeyTypePublic = 1;
export const kKeyTypePrivate = 2;

export const kKeyFormatDER = 0;
export const kKeyFormatPEM = 1;
export const kKeyFormatJWK = 2;
export const kKeyFormatRawPublic = 3;
export const kKeyFormatRawPrivate = 4;
export const kKeyFormatRawSeed = 5;
export const kKeyFormatStore = 6;

export const kKeyEncodingPKCS1 = 0;
export const kKeyEncodingPKCS8 = 1;
export const kKeyEncodingSPKI = 2;
export const kKeyEncodingSEC1 = 3;

export const POINT_CONVERSION_COMPRESSED = 2;
export const POINT_CONVERSION_UNCOMPRESSED = 4;
export const POINT_CONVERSION_HYBRID = 6;
