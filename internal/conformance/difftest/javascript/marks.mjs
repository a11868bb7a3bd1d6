// Marks the branches of the SDK's decisions, so that a run can count how often each is
// reached. A mark adds one call at @@ and changes nothing else; a third member is the
// condition under which it counts. A place that is not found exactly once is an error.
const marks = [
  ['suffix/plain-token-unreadable', 'if (session && !this.tokenHasIssuer(session)) { @@ return false;'],
  ['suffix/plain-token-of-another-instance', 'if (session && !this.tokenBelongsToInstance(session)) { @@ return true;'],
  ['suffix/no-suffixed-cookies', 'if (!suffixedClientUat && !suffixedSession) { @@ return false;'],
  ['suffix/plain-token-newer', 'sessionIat > suffixedSessionIat) { @@ return false;'],
  ['suffix/suffixed-signed-out', 'if (suffixedClientUat === "0" && clientUat !== "0") { @@ return false;'],
  ['suffix/suffixed-token-expired', 'clientUat === "0" && isSuffixedSessionExpired) { @@ return false;'],
  ['suffix/no-suffixed-client-uat', 'if (!suffixedClientUat && suffixedSession) { @@ return false; }'],
  ['suffix/otherwise', 'if (!suffixedClientUat && suffixedSession) { return false; } @@ return true;'],

  ['cookie/handshake-resolved', 'if (sessionToken === "") { @@'],
  ['cookie/handshake-resolved', 'await verifyToken(sessionToken, this.authenticateContext); if (data) { @@'],
  ['cookie/handshake-resolved', 'if (retryResult) { @@'],
  ['cookie/handshake-fatal', '} catch (error) { if (error instanceof TokenVerificationError && authenticateContext.instanceType === "development") { @@'],
  ['cookie/handshake-ignored', '} else { @@ console.error("Clerk: unable to resolve handshake:", error);'],
  ['cookie/satellite-skips-production', 'authenticateContext.instanceType === "production" && isRequestEligibleForMultiDomainSync && !syncCompleted) { if (shouldSkipSatelliteHandshake) { @@'],
  ['cookie/satellite-syncs-production', 'if (!hasCookies || needsSync) { @@ return handleMaybeHandshakeStatus('],
  ['cookie/satellite-skips-development', 'authenticateContext.instanceType === "development" && isRequestEligibleForMultiDomainSync && !syncCompleted) { if (shouldSkipSatelliteHandshake) { @@'],
  ['cookie/satellite-syncs-development', 'if (!hasCookies || needsSync) { @@ const redirectURL ='],
  ['cookie/primary-responds', '&& !authenticateContext.isSatellite && redirectUrl) { @@'],
  ['cookie/dev-browser-sync', '@@ return handleMaybeHandshakeStatus(authenticateContext, AuthErrorReason.DevBrowserSync, "");'],
  ['cookie/dev-browser-missing', '@@ return handleMaybeHandshakeStatus(authenticateContext, AuthErrorReason.DevBrowserMissing, "");'],
  ['cookie/nothing-there', 'if (!hasActiveClient && !hasSessionToken) { @@'],
  ['cookie/token-without-client-uat', 'if (!hasActiveClient && hasSessionToken) { @@'],
  ['cookie/client-uat-without-token', 'if (hasActiveClient && !hasSessionToken) { @@'],
  ['cookie/undecodable', 'if (decodedErrors) { @@ return handleSessionTokenError(decodedErrors[0], "cookie");'],
  ['cookie/another-kind-of-token', 'hasNonSessionJwtCategory(authenticateContext.sessionTokenInCookie) ) { @@'],
  ['cookie/token-older-than-client-uat', 'if (decodeResult.payload.iat < authenticateContext.clientUat) { @@'],
  ['cookie/refused', 'return signedInRequestState; } catch (err) { @@ return handleSessionTokenError(err, "cookie");'],
  ['cookie/cross-origin', 'if (shouldForceHandshakeForCrossDomain) { @@'],
  ['cookie/organization-mismatch', 'if (handshakeRequestState) { @@ return handshakeRequestState;'],
  ['cookie/signed-in', '@@ return signedInRequestState; } catch (err) {'],

  ['token-error/no-verification-error', 'async function handleSessionTokenError(err, tokenCarrier) { if (!(err instanceof TokenVerificationError)) { @@'],
  ['token-error/refreshed', 'const { data, error } = await attemptRefresh(authenticateContext); if (data) { @@'],
  ['token-error/refresh-failed', 'if (error?.cause?.reason) { @@ refreshError = error.cause.reason;'],
  ['token-error/refresh-failed-without-reason', '} else { @@ refreshError = RefreshTokenErrorReason.UnexpectedSDKError;'],
  ['token-error/refresh-not-get', '@@ refreshError = RefreshTokenErrorReason.NonEligibleNonGet;'],
  ['token-error/refresh-no-cookie', '@@ refreshError = RefreshTokenErrorReason.NonEligibleNoCookie;'],
  ['token-error/expired', 'case TokenVerificationErrorReason.TokenExpired: @@ return `${AuthErrorReason.SessionTokenExpired}-refresh-${refreshError}`;'],
  ['token-error/not-active-yet', 'case TokenVerificationErrorReason.TokenNotActiveYet: @@ return AuthErrorReason.SessionTokenNBF;'],
  ['token-error/issued-in-the-future', 'case TokenVerificationErrorReason.TokenIatInTheFuture: @@ return AuthErrorReason.SessionTokenIatInTheFuture;'],
  ['token-error/other', 'err.getFullMessage() ); } @@ return signedOut({ tokenType: TokenType.SessionToken, authenticateContext, reason: err.reason,'],

  ['handshake/nonce', 'if (handshakePayload) { @@ cookiesToSet.push(...handshakePayload.directives);'],
  ['handshake/nonce-failed', '} catch (error) { @@ console.error("Clerk: HandshakeService: error getting handshake payload:", error);'],
  ['handshake/token', 'if (handshakePayload && Array.isArray(handshakePayload.handshake)) { @@'],
  ['handshake/development-redirects', '@@ const newUrl = new URL(this.authenticateContext.clerkUrl); newUrl.searchParams.delete(constants.QueryParameters.Handshake);'],
  ['handshake/production-stays', 'headers.set(constants.Headers.CacheControl, "no-store"); } @@ if (sessionToken === "") {', 'this.authenticateContext.instanceType !== "development"'],
  ['handshake/no-session-token', 'if (sessionToken === "") { @@'],
  ['handshake/signed-in', 'const { data, errors: [error] = [] } = await verifyToken(sessionToken, this.authenticateContext); if (data) { @@'],
  ['handshake/signed-in-with-large-skew', 'if (retryResult) { @@'],
  ['handshake/large-skew-failed', '@@ throw new Error(retryError?.message || "Clerk: Handshake retry failed.");'],
  ['handshake/failed', '@@ throw new Error(error?.message || "Clerk: Handshake failed.");'],

  ['refresh/no-client', 'if (!options.apiClient) { @@'],
  ['refresh/no-session-token', 'if (!expiredSessionToken) { @@'],
  ['refresh/no-refresh-token', 'if (!refreshToken2) { @@'],
  ['refresh/undecodable', 'if (!decodeResult || decodedErrors) { @@'],
  ['refresh/no-session-id', 'if (!decodeResult?.payload?.sid) { @@'],
  ['refresh/fetch-error', 'if (err.errors[0].code === "unexpected_error") { @@'],
  ['refresh/api-code', '} @@ return { data: null, error: { message: err.errors[0].code,'],
  ['refresh/no-code', '} else { @@ return { data: null, error: { message: `Unexpected Server/BAPI error`,'],
  ['refresh/no-cookies', 'if (!cookiesToSet || cookiesToSet.length === 0) { @@', '!error'],
  ['refresh/invalid-token', '@@ return { data: null, error: { message: `Clerk: unable to verify refreshed session token.`,'],
  ['refresh/succeeded', '@@ return { data: { jwtPayload, sessionToken, headers }, error: null };'],

  ['machine/undecodable', '} catch (e) { @@ return { data: void 0, tokenType: TokenType.M2MToken, errors: [ new MachineTokenVerificationError({ code: MachineTokenVerificationErrorCode.TokenInvalid, message: e.message'],
  ['machine/m2m-jwt', '@@ return verifyM2MJwt(token, decodedResult, options);'],
  ['machine/oauth-jwt', '@@ return verifyOAuthJwt(token, decodedResult, options);'],
  ['machine/other-jwt', '@@ return { data: void 0, tokenType: TokenType.OAuthToken, errors: [ new MachineTokenVerificationError({ code: MachineTokenVerificationErrorCode.TokenVerificationFailed, message: `Invalid JWT type:'],
  ['machine/m2m', '@@ return verifyM2MToken(token, options);'],
  ['machine/oauth', '@@ return verifyOAuthToken(token, options);'],
  ['machine/api-key', '@@ return verifyAPIKey(token, options);'],
  ['machine/unknown', '@@ throw new Error("Unknown machine token type"); } // src/tokens/handshake.ts'],

  ['machine-error/401', 'case 401: @@'],
  ['machine-error/404', 'case 404: @@ code ='],
  ['machine-error/other', 'default: @@ code = MachineTokenVerificationErrorCode.UnexpectedError;', 'err.status'],
  ['machine-error/transport', 'default: @@ code = MachineTokenVerificationErrorCode.UnexpectedError;', '!err.status'],
  ['machine-error/local', '} @@ return { data: void 0, tokenType, errors: [ new MachineTokenVerificationError({ message: "Unexpected error",'],
];

// Places that only the current version has.
const currentMarks = [
  ['header/another-kind-of-token', 'if (hasNonSessionJwtCategory(tokenInHeader)) { @@ return signedOut({'],
  ['machine/oauth-jwt-for-another-audience', 'if (audienceError) { @@ return {'],
  ['machine/oauth-for-another-audience', 'if (err instanceof TokenVerificationError) { @@ return { data: void 0, tokenType: TokenType.OAuthToken,'],
];

export function marked(source, sdk) {
  const calls = (sdk === '@clerk/backend' ? [...marks, ...currentMarks] : marks).map(([branch, place, condition]) => {
    const [before, after] = place.split('@@').map(pattern);
    const found = [...source.matchAll(new RegExp(`(${before}\\s*)${after}`, 'g'))];
    if (found.length !== 1) {
      throw new Error(`the SDK has ${found.length} places for the branch ${branch}`);
    }
    const call = `globalThis.reached(${JSON.stringify(branch)});`;
    return { at: found[0].index + found[0][1].length, call: condition ? `if (${condition}) ${call} ` : `${call} ` };
  });
  calls.sort((a, b) => b.at - a.at);
  return calls.reduce((text, { at, call }) => text.slice(0, at) + call + text.slice(at), source);
}

// pattern matches the place with any line breaks.
function pattern(text) {
  return text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}
