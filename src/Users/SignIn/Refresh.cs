using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>
/// Exchanges a refresh token for a new pair. A token that was exchanged before ends its whole family: of the two who had
/// it one was a thief, and nobody can tell which.
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
        var hash = RefreshToken.HashOf(request.RefreshToken);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await TokenFamily.Lock(hash, db, ct) is not { } family)
        {
            return Problems.For(UsersErrors.RefreshRefused);
        }

        var (standing, actor) = await WhoseIs(family, db, ct);
        if (standing is { IsBlocked: true })
        {
            return Problems.For(PlatformErrors.UserBlocked);
        }

        // Read once the family is locked: a moment ago another request may have exchanged it.
        var token = await db.RefreshTokens.SingleAsync(token => token.Hash == hash, ct);
        if (standing is null || family.RevokedAt is not null || token.ExpiresAt <= now)
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
            family.ComesFrom(CallerNetwork.Of(http));
        }

        var answer = tokens.Issue(family, standing, actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }

    private static async Task<(Standing? Standing, string? Actor)> WhoseIs(TokenFamily family, UsersDb db, CancellationToken ct)
    {
        if (family.StaffId is { } staffId)
        {
            return (await Standing.Of(staffId, db, ct), null);
        }

        if (family.Email is { } email)
        {
            var standing = await Standing.Of(EmailAddress.Of(email), db, ct);
            return (standing.UserId is null ? null : standing, null);
        }

        var telegramId = family.TelegramId!.Value;
        if (family.BotKeyId is not { } keyId)
        {
            return (await Standing.Of(telegramId, Role.Client, db, ct), null);
        }

        var key = await db.BotKeys.SingleAsync(key => key.Id == keyId, ct);
        return key.RevokedAt is null ? (await Standing.Of(telegramId, key.HighestRole, db, ct), key.Name) : (null, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of family {FamilyId} came a second time; the family is revoked.")]
    private static partial void LogReused(ILogger log, Guid familyId);
}
