using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Gives a bot a token to act for the Telegram user who writes to it, registered or not.</summary>
internal static class SignInByBot
{
    public const string KeyHeader = "X-Api-Key";

    public sealed record Request(TelegramId TelegramId);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SignInByBot))
        .WithSummary("Gives a bot a token that acts for a Telegram user")
        .WithDescription("For a blocked person the token only allows exporting and erasing their own data; everything else returns user_blocked.")
        .WithExample(new Request(new TelegramId(1001)), Tokens.Example)
        .Refuses(UsersErrors.WrongApiKey);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, [FromHeader(Name = KeyHeader)] string? apiKey, UsersDb db, TokenIssuer tokens, TimeProvider clock, CancellationToken ct)
    {
        if (await BotKey.Find(db, apiKey, ct) is not { } key)
        {
            return Problems.For(UsersErrors.WrongApiKey);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var identity = await Identity.LockByTelegram(request.TelegramId, key.HighestRole, db, ct);
        if (identity.IsBlocked)
        {
            return TypedResults.Ok(tokens.IssueToBlocked(identity, key.Name));
        }

        var family = TokenFamily.Start(request.TelegramId, key, clock.GetUtcNow());
        db.Add(family);
        var answer = tokens.Issue(family, identity, actor: key.Name);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
