using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

internal static class GetMe
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetMe))
        .WithSummary("The caller's own profile")
        .WithExample(request: null, Profile.Example)
        .Refuses(UsersErrors.UserNotFound);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(Caller caller, UsersDb db, TimeProvider clock, CancellationToken ct)
    {
        // Staff and admins may call this without being registered.
        var profile = await db.Users
            .Where(user => user.Id == caller.UserId)
            .Select(Profile.At(clock.GetUtcNow()))
            .SingleOrDefaultAsync(ct);

        return profile is null ? Problems.For(UsersErrors.UserNotFound) : TypedResults.Ok(profile);
    }
}
