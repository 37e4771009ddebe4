using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Control;

internal static class ControlFaults
{
    public sealed record Response(int Id);

    public sealed record Listed(int Id, Fault Fault);

    public static Created<Response> Add(Fault fault, Faults faults)
    {
        var id = faults.Add(fault);
        return TypedResults.Created($"/control/faults/{id}", new Response(id));
    }

    public static Ok<IReadOnlyList<Listed>> List(Faults faults) =>
        TypedResults.Ok<IReadOnlyList<Listed>>([.. faults.All.Select(fault => new Listed(fault.Key, fault.Value))]);

    public static Results<NoContent, NotFound> Delete(int id, Faults faults) => faults.Remove(id) ? TypedResults.NoContent() : TypedResults.NotFound();

    public static NoContent DeleteAll(Faults faults)
    {
        faults.Clear();
        return TypedResults.NoContent();
    }
}
