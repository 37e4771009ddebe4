using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Telegram;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Signs in a person with the initData that Telegram gave the client bot's Mini App, once and within minutes. Never as staff.</summary>
internal static class SignInByMiniApp
{
    /// <param name="InitData"><c>Telegram.WebApp.initData</c>, unchanged.</param>
    public sealed record Request([Required, StringLength(SignIn.InitData.MaxLength)] string InitData);

    private static readonly Request Example = new(
        "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A1001%2C%22first_name%22%3A%22Anna%22%7D&auth_date=1768469400"
        + "&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2");

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SignInByMiniApp))
        .WithSummary("Signs in the person who opened the Telegram Mini App")
        .WithExample(Example, Tokens.Example)
        .Refuses(UsersErrors.InitDataRefused, UsersErrors.InitDataExpired, UsersErrors.MiniAppUnavailable, PlatformErrors.UserBlocked);

    public static async Task<Results<Ok<Tokens>, ProblemHttpResult>> Handle(
        Request request, UsersDb db, TokenIssuer tokens, IOptions<TelegramSettings> settings, TimeProvider clock, CancellationToken ct)
    {
        if (settings.Value.ClientToken.Length == 0)
        {
            return Problems.For(UsersErrors.MiniAppUnavailable, retryAfter: TimeSpan.FromHours(1));
        }

        var now = clock.GetUtcNow();
        if (InitData.Parse(request.InitData, settings.Value.ClientToken) is not { } opened || opened.SignedAt > now + InitData.ClockSkew)
        {
            return Problems.For(UsersErrors.InitDataRefused);
        }

        if (opened.SignedAt < now - InitData.Lifetime)
        {
            return Problems.For(UsersErrors.InitDataExpired);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var isFirst = await db.Database.ExecuteSqlAsync(
            $"insert into used_init_data (hash, signed_at) values ({opened.Hash}, {opened.SignedAt}) on conflict do nothing", ct) == 1;
        if (!isFirst)
        {
            return Problems.For(UsersErrors.InitDataRefused);
        }

        var identity = await Identity.LockByTelegram(opened.TelegramId, Role.Client, db, ct);
        if (identity.IsBlocked)
        {
            return Problems.For(PlatformErrors.UserBlocked);
        }

        var family = TokenFamily.Start(opened.TelegramId, key: null, now);
        db.Add(family);
        var answer = tokens.Issue(family, identity, actor: null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(answer);
    }
}
