import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config.js';
import { READS } from '../database/data-source.js';
import { User } from '../users/user.entity.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens, TOKEN_RULES } from './access-tokens.service.js';
import { AccessGuard } from './access.guard.js';
import { AuthController } from './auth.controller.js';
import { ExpiredLogins } from './expired-logins.service.js';
import { CheckedTokens } from './checked-tokens.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LiveSessions } from './live-sessions.service.js';
import { LoginService } from './login.service.js';
import { LoginsService } from './logins.service.js';
import { PasswordHasher } from './password-hasher.service.js';
import { PasswordProof } from './password-proof.service.js';
import { RefreshService } from './refresh.service.js';
import { RegistrationService } from './registration.service.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';
import { SignedLinks } from './signed-links.service.js';
import { TicketsService } from './tickets.service.js';
import { WsTicket } from './ws-ticket.entity.js';

/** Who somebody is: accounts' passwords, logins, tokens, tickets, and the door of every REST route. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Session, User, WsTicket], READS),
    PassportModule,
    JwtModule.registerAsync({
      inject: [AppConfig],
      useFactory: ({ auth }: AppConfig) => {
        const { algorithm, issuer, audience } = TOKEN_RULES;
        return {
          // A `KeyObject`, although the types only know the encoded forms.
          secret: auth.secret as unknown as Buffer,
          signOptions: { algorithm, issuer, audience },
          verifyOptions: { algorithms: [algorithm], issuer, audience },
        };
      },
    }),
    UsersModule,
  ],
  controllers: [AuthController],
  providers: [
    AccessTokens,
    ExpiredLogins,
    CheckedTokens,
    JwtStrategy,
    LiveSessions,
    LoginService,
    LoginsService,
    PasswordHasher,
    PasswordProof,
    RefreshService,
    RegistrationService,
    SessionsService,
    SignedLinks,
    TicketsService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokens, LiveSessions, LoginsService, PasswordProof, SignedLinks, TicketsService],
})
export class AuthModule {}
