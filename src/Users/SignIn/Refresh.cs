using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Exchanges a refresh token for a new pair. Reusing an exchanged token revokes its whole family: one of its two users stole it, and there
/// is no telling which.
/// </summary>
internal static partial class Refresh
{
    public sealed record Request([Required, StringLength(100)] string RefreshToken);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Refresh))
        .WithSummary("Exchanges a refresh token for new tokens")
        .WithExample(new Request(Tokens.Example.RefreshToken!), Tokens.Example)
        .Refuses(UsersErrors.RefreshRefused, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, UsersDb db, TokenIssuer tokens, TimeProvider clock, ILogger<TokenFamily> log, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var hash = RefreshToken.ComputeHash(request.RefreshToken);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await TokenFamily.Lock(hash, db, ct) is not { } family)
        {
            return Problems.For(UsersErrors.RefreshRefused);
        }

        var (identity, actor) = await FindOwner(family, db, ct);
        if (identity is { IsBlocked: true })
        {
            return Problems.For(PlatformErrors.UserBlocked);
        }

        // Read after locking the family: another request may just have exchanged it.
        var token = await db.RefreshTokens.SingleAsync(token => token.Hash == hash, ct);
        if (identity is null || family.RevokedAt is not null || token.ExpiresAt <= now)
        {
            return Problems.For(UsersErrors.RefreshRefused);
        }

        if (token.UsedAt is not null)
        {
            family.Revoke(Revocation.Reused, now);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            LogReused(log, family.Id);
            return Problems.For(UsersErrors.RefreshRefused);
        }

        token.Use(now);
        if (family.StaffId is not null || family.Email is not null)
        {
            family.RememberNetwork(CallerNetwork.Of(http));
        }

        var answer = tokens.Issue(family, identity, actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }

    private static async Task<(Identity? Identity, string? Actor)> FindOwner(TokenFamily family, UsersDb db, CancellationToken ct)
    {
        if (family.StaffId is { } staffId)
        {
            return (await Identity.FindStaff(staffId, db, ct), null);
        }

        if (family.Email is { } email)
        {
            var identity = await Identity.FindByEmail(EmailAddress.From(email), db, ct);
            return (identity.UserId is null ? null : identity, null);
        }

        var telegramId = family.TelegramId!.Value;
        if (family.BotKeyId is not { } keyId)
        {
            return (await Identity.FindByTelegram(telegramId, Role.Client, db, ct), null);
        }

        var key = await db.BotKeys.SingleAsync(key => key.Id == keyId, ct);
        return key.RevokedAt is null ? (await Identity.FindByTelegram(telegramId, key.HighestRole, db, ct), key.Name) : (null, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of family {FamilyId} was used twice. The family has been revoked.")]
    private static partial void LogReused(ILogger log, Guid familyId);
}
