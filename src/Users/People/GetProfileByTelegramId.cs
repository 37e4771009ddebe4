using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Visible to the person, the bot acting for them and the staff; anyone else gets 404.</summary>
internal static class GetProfileByTelegramId
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetProfileByTelegramId))
        .WithSummary("The profile of a Telegram user, for themselves, the bot acting for them and the staff")
        .WithExample(request: null, Profile.Example)
        .Refuses(UsersErrors.UserNotFound);

    public static async Task<Results<Ok<Profile>,
    ProblemHttpResult>> Handle(TelegramId telegramId, Caller caller, UsersDb db, TimeProvider clock, CancellationToken ct)
    {
        var seesAll = caller.Role is Role.Staff or Role.Admin;
        var profile = await db.Users
            .Where(user => user.TelegramId == telegramId && (seesAll || user.TelegramId == caller.TelegramId))
            .Select(Profile.At(clock.GetUtcNow()))
            .SingleOrDefaultAsync(ct);

        return profile is null ? Problems.For(UsersErrors.UserNotFound) : TypedResults.Ok(profile);
    }
}
