import {
  type CustomDecorator,
  type ExecutionContext,
  SetMetadata,
  applyDecorators,
  createParamDecorator,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';

/** Metadata of `@Access`: the permission that a route or command asks for. */
export const ACCESS_KEY = 'parley:access';
/** Metadata of `@Public`. */
export const PUBLIC_KEY = 'parley:public';

/** Metadata of `@TakesSignature`. */
export const SIGNED_KEY = 'parley:signed';

/** How a public route is treated. */
export interface PublicRoute {
  /** Whether requests count against the rate of their address. Default true. */
  readonly counted: boolean;
  /** Which rate that is. Default: that of all requests. */
  readonly rate?: 'requests' | 'pictures';
}

/** Anybody may call this. Every route and command has this or `@Access`; a test walks them all. */
export const Public = (route: PublicRoute = { counted: true }): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC_KEY, route), ApiSecurity({}));

/** Only a signed-in user whose role has the permission may call this. */
export const Access = (permission: Permission): CustomDecorator => SetMetadata(ACCESS_KEY, permission);

/**
 * The route takes a signature for the id in its path in place of a token (`?signature=`), and then acts for who it was
 * made for.
 */
export const TakesSignature = (): CustomDecorator => SetMetadata(SIGNED_KEY, true);

/** The principal of a REST request, put there by the guard of `auth/`. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToHttp().getRequest<{ user: Principal }>().user,
);
