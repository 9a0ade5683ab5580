import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser, Public } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import {
  type Page,
  type SessionView,
  type TicketView,
  type TokensView,
  pageOf,
  sessionView,
  ticketView,
  tokensView,
} from '../protocol/views.js';
import {
  ChangePasswordDto,
  GuestDto,
  ListSessionsQuery,
  LoginDto,
  RefreshDto,
  RegisterDto,
  SessionParams,
} from './auth.dto.js';
import { CurrentDevice } from './current-device.decorator.js';
import { LoginService } from './login.service.js';
import { LoginsService } from './logins.service.js';
import { RefreshService } from './refresh.service.js';
import { RegistrationService } from './registration.service.js';
import type { Device } from './sessions.service.js';
import { TicketsService } from './tickets.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly logins: LoginsService,
    private readonly passwords: LoginService,
    private readonly refreshing: RefreshService,
    private readonly tickets: TicketsService,
  ) {}

  /** Makes an account and signs it in. */
  @Post('register')
  @Public()
  @Answer(HttpStatus.CREATED, tokensView)
  register(@Body() body: RegisterDto, @CurrentDevice() device: Device): Promise<TokensView> {
    return this.registration.register(body, device);
  }

  /** Signs in by user name or e-mail address. */
  @Post('login')
  @HttpCode(HttpStatus.OK)
  @Public()
  @Answer(HttpStatus.OK, tokensView)
  login(@Body() body: LoginDto, @CurrentDevice() device: Device): Promise<TokensView> {
    return this.passwords.login(body.username, body.password, { ...device, device: body.device ?? null });
  }

  /** Comes in without an account. */
  @Post('guest')
  @Public()
  @Answer(HttpStatus.CREATED, tokensView)
  enterAsGuest(@Body() body: GuestDto, @CurrentDevice() device: Device): Promise<TokensView> {
    return this.registration.enterAsGuest(body.displayName, device);
  }

  /** Changes a refresh token for a fresh pair. */
  @Post('refresh')
  @HttpCode(HttpStatus.OK)
  @Public()
  @Answer(HttpStatus.OK, tokensView)
  refresh(@Body() { refreshToken }: RefreshDto): Promise<TokensView> {
    return this.refreshing.refresh(refreshToken);
  }

  /** Ends the login that is used. */
  @Post('logout')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('account.use')
  @Answer(HttpStatus.NO_CONTENT)
  logout(@CurrentUser() principal: Principal): Promise<void> {
    return this.logins.logout(principal);
  }

  /** Changes the password; other logins end. */
  @Post('password')
  @HttpCode(HttpStatus.OK)
  @Access('password.change')
  @Answer(HttpStatus.OK, tokensView)
  changePassword(@CurrentUser() principal: Principal, @Body() body: ChangePasswordDto): Promise<TokensView> {
    return this.passwords.changePassword(principal, body);
  }

  /** The living logins, newest first. */
  @Get('sessions')
  @Access('account.use')
  @Answer(HttpStatus.OK, pageOf(sessionView))
  listSessions(@CurrentUser() principal: Principal, @Query() query: ListSessionsQuery): Promise<Page<SessionView>> {
    return this.logins.list(principal, query);
  }

  /** Ends all other logins. */
  @Delete('sessions')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('account.use')
  @Answer(HttpStatus.NO_CONTENT)
  revokeOthers(@CurrentUser() principal: Principal): Promise<void> {
    return this.logins.revokeOthers(principal);
  }

  /** Ends one login. */
  @Delete('sessions/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('account.use')
  @Answer(HttpStatus.NO_CONTENT)
  revoke(@CurrentUser() principal: Principal, @Param() { id }: SessionParams): Promise<void> {
    return this.logins.revoke(principal, id);
  }

  /** A ticket that opens one socket. */
  @Post('ws-tickets')
  @Access('socket.use')
  @Answer(HttpStatus.CREATED, ticketView)
  issueTicket(@CurrentUser() principal: Principal): Promise<TicketView> {
    return this.tickets.issue(principal);
  }
}
