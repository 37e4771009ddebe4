using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.PersonApi;

internal static class ListPeople
{
    public static Ok<IReadOnlyList<Person>> Handle(Messenger messenger)
    {
        lock (messenger.Lock)
        {
            return TypedResults.Ok<IReadOnlyList<Person>>([.. messenger.People]);
        }
    }
}
