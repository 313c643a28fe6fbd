// Verifies credentials with Digital Bazaar's libraries, offline: every document it may read is named in the question.
// stdin: {"documents": {address: document}, "cases": [{"credential": …, "withStatus": bool}]}; stdout: [true or a reason]
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { verifyCredential } from "@digitalbazaar/vc";
import { readFileSync } from "node:fs";

const { documents, cases } = JSON.parse(readFileSync(0, "utf8"));

async function documentLoader(url) {
  const [address, fragment] = url.split("#");
  const document = documents[address];
  if (document === undefined) throw new Error(`not offline: ${url}`);
  if (fragment === undefined) return { contextUrl: null, documentUrl: url, document };
  const method = (document.verificationMethod ?? []).find((one) => one.id === url);
  if (!method) throw new Error(`no such key: ${url}`);
  return { contextUrl: null, documentUrl: url, document: { "@context": "https://w3id.org/security/multikey/v1", ...method } };
}

function reason(error) {
  const first = error?.errors?.[0] ?? error;
  return String(first?.cause?.message ?? first?.message ?? error);
}

const answers = [];
for (const { credential, withStatus } of cases) {
  const suite = new DataIntegrityProof({ cryptosuite });
  const status = withStatus
    ? { checkStatus: (given) => checkStatus({ ...given, suite, documentLoader, verifyMatchingIssuers: true }) }
    : { checkStatus: async () => ({ verified: true }) };
  try {
    const result = await verifyCredential({ credential, suite, documentLoader, ...status });
    const isSet = (result.statusResult?.results ?? []).some((one) => one.status);
    answers.push(isSet ? "revoked" : result.verified || reason(result.error ?? result.statusResult?.error));
  } catch (error) {
    answers.push(reason(error));
  }
}
console.log(JSON.stringify(answers));
