// Keys some of whose numbers begin with zero bytes, as one in 256 does: RFC 7518 §6.3 drops those bytes, §6.2 keeps them.
const c = require('node:crypto');
const keys = [
  // d begins with a zero byte
  'MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEAvdamulRblqUP38U3PX7UvCQyiiUBoHyXGIiZB81hIQYihZJCzIgD1TDup9VtQ7RYSrbp1SIjpgEPR8dDnSXQuwIDAQABAj8RDjfshae04R+L+yv7WmnCfX4M60Y6JPduPNeC2/DeBoczXRTvHf1IrFp9OI0Hf1HnnAhzEG3WXqduG179apECIQD3XgXReh4EMUD+MdYvnhuW0b53vJOsf4wgUpo+V0yakwIhAMR2qrDKooC98/nIpcBtaFjSzJ32FWH8LK5nJBp0vMI5AiEAvOK7uJ/x6auegDuX3JZzZK/WK+IANVjTrB7HDtFkeicCIH7WehbPjCCAAm6mKtTUDcUiuzXUNTPggdxK/JUT/vWJAiEA4YHsI8+uExDwcB/QFyxfD70WnVFiolchRfg7sgvCOrY=',
  // dq begins with a zero byte
  'MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEA1QpwIV7MipZxRRUhksqfvA83OjVcCH3vg8ewUBRj+i+/vEjauWmANnYI6xQ421dNt4S1n/NztP+gOUa7imBydwIDAQABAkEAu535qinGkLZ1ApXdf10a14++33BmoMPnz3Jo/901Pvp6ysA8I10wpGhWU5NiV19niRiC0gaDbYsSpjDAbDLbYQIhAO0SSUvgmMMiGQzd2pKpOKnWU6dv1Xt+2RZMrvEG19cjAiEA5gz3vRor04QiPwvHzscA0hPl75tuy7/sl6ajgcjxlp0CIEUR7NT0jM1dY9sB0CqmruGclibUSGiAnpMGqHmEuuHtAiAAhP76Oljm/WFmawxkdyaVUt4uEFfLtf8+yG2OGXoSMQIgeSV+H5vL15Alwf7CfKWV++jmpa8dvZmedF90Xpf9AQo=',
  // dp begins with a zero byte
  'MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEA1B8RKb/2KBeWe8np7a4W8nvlt0+QPG9NrDNPpZERirIaV6TkhOKFvTi9tIC9ymi++PJoYAGFzu+nsbmM9V7dqQIDAQABAkBqJyXyq8MnKy6+wjwUGuQW81PxWZrH87d+Lqt0ItYRfsgQvhizLv76ROgIwkNG0vIHJCH2uOGVs30EanOfCKJ1AiEA+ZcHZ8k6ykvWl4II0c3LJiOmpi4GO3lqB0FuzJHs26sCIQDZkbHLP06DVZCvDCIDYSRgl91a/6cA0QOAe7k5SRV3+wIfLswil1MjssqFceLvxGbRsFT+6im3AW/CcZnTLIgv4QIhAIEuAGKtM/DG3SESEx/ujarMgKGHKaFSeMHQtClPO3ABAiEA6V3t3ASRfDW986fql7D2ID08WX/fOWoW2unZdDykrHM=',
  // qi begins with a zero byte
  'MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAu+2oXq3AIgA9Pe/NKfo+UawdRQxAOqk2/hbf1nFhFiKQWEAfSL6eHcpzLtBA3T/KunzM6E8RBt6+rnT2EP8UFQIDAQABAkEAoBrXaOIqYE1H366fYfX6heZWgW7wgYmMemjOhonNpuaP9TEXvj6JzCXnaRnKrPE0e2d3QkCdSGjhrC4gyHXDOQIhAPIszKl+DtqsS3SROuYZZPXqLejSnhA4aRohsdGZiBzDAiEAxqgV23QvLlOAkuiphT8Zxu/HrPldoZuL9ld8OeKa3kcCIQDiJwXkzgxvFvDL5Ye8M0C+CTdgMbdb7GHx/j9BPgAG4wIgegAQLE4WC6VMeOxZ73LpKbtoLVqXngAg3JCtwf7gjVECIACxKV6+6o1A11A9ERkSbmOSgdOxUAMjTDHrykT8sm0f',
  // y begins with a zero byte
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDgK74d8T8wr/i1YF1Zp4SGIL8pNGD4QUfD11R7FPmR2hRANCAASO14rNSoSBPL13WVn644QJHBW1k0j7J+KGuUfQNcbjlgC5CNASDq7q8cHwVGKAhzyj0Il1wYSyPwVL/sTqeOCv',
  // d begins with a zero byte
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAG46ymo+eL94YQeXHTcRcIqdUU9xeZ7bX4o4bRkljXyhRANCAATMvrV0as+FyTNitcMmvrVmqp4RK5Z0wT9wY6TdXxNnyrx/PsmHTFSanPgz/gQS3XxzQGxO3OOU1jVM9eKGq9zg',
  // x begins with a zero byte
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWLviXytXF3sm6rvdJhPej4kJC9ZCR7dmDtTmLYtIIXWhRANCAAQAB5o4/wnMAqJYMDDZE/dwfnbP6pwzVzVwl/jh44dq2i34CjEtNhR8SrACEIByd1kAPLP7d19qsJaU2dSTcqn9',
];
for (const base64 of keys) {
  const der = Buffer.from(base64, 'base64');
  const key = c.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const jwk = key.export({ format: 'jwk' });
  console.log(JSON.stringify(jwk));
  const again = c.createPrivateKey({ key: jwk, format: 'jwk' });
  console.log(again.equals(key), again.export({ format: 'der', type: 'pkcs8' }).equals(der));
  const signature = c.sign('sha256', Buffer.from('message'), again);
  console.log(c.verify('sha256', Buffer.from('message'), c.createPublicKey(key), signature));
}
process.exit(0);
