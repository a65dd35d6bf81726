import * as z from 'zod';

const path = z.string().min(1);

/** The section `tls`: files that are read when weir starts and whenever they change, not with the configuration. */
export const tlsSchema: z.ZodType<unknown> = z.strictObject({
  cert_file: path.describe("File with the certificate in PEM and those that lead from it to its authority, looked up beside this file. A changed one is taken at once."),
  key_file: path.describe("File with the certificate's key in PEM, without a passphrase, looked up beside this file."),
});
