using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Platform.Contracts;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.ServiceDefaults.Web.OpenApi;

/// <summary><c>/openapi/v1.json</c>, in development only.</summary>
internal static class OpenApiSetup
{
    private const string Bearer = "bearer";
    private const string Problem = "Problem";

    public static void AddOpenApiDocument(this IServiceCollection services, string service) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer(SchemaTypes.Correct);
        options.AddOperationTransformer(NameIdsInAddresses);
        options.AddOperationTransformer(Describe);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = service, Version = "v1" };
            // The gateway serves the document under its own address.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The accessToken from POST /api/auth/login, /api/auth/email/confirm, /api/auth/telegram, /api/auth/bot or /api/auth/refresh, "
                    + "without the word Bearer.",
            };
            document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
            document.Components.Schemas[Problem] = ProblemSchema();
            return Task.CompletedTask;
        });
    });

    // The framework documents every parsed route and query parameter as a plain string.
    private static async Task NameIdsInAddresses(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var parameter in context.Description.ParameterDescriptions.Where(parameter => parameter.Source != BindingSource.Body))
        {
            if (parameter.ParameterDescriptor?.ParameterType is { } type && SchemaTypes.IsTypedId(type)
                && operation.Parameters?.OfType<OpenApiParameter>().SingleOrDefault(documented => documented.Name == parameter.Name) is { } documented)
            {
                var name = SchemaNames.Of(type);
                context.Document!.AddComponent(name, await context.GetOrCreateSchemaAsync(type, cancellationToken: ct));
                documented.Schema = new OpenApiSchemaReference(name, context.Document);
            }
        }
    }

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var json = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        var role = metadata.OfType<RoleRequirement>().LastOrDefault();
        if (role is not null && !metadata.OfType<IAllowAnonymous>().Any())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName((role.StaffRole as Enum ?? role.Role).ToString());
            operation.Description = $"{operation.Description}\n\nRole: {name}.".Trim();
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        }

        var parameters = operation.Parameters ?? [];
        var takesKey = metadata.OfType<Idempotency.TakesIdempotencyKey>().Any() || parameters.Any(parameter => parameter.Name == Idempotency.Header);
        if (takesKey)
        {
            operation.Parameters = [.. parameters.Where(parameter => parameter.Name != Idempotency.Header)];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Idempotency.Header,
                In = ParameterLocation.Header,
                Description = "Chosen by the caller. Repeating a request with the same key returns the recorded success.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            });
        }

        if (metadata.OfType<EndpointDocs.Example>().LastOrDefault() is { } example)
        {
            SetExample(operation.RequestBody?.Content, example.Request, json);
            SetExample(operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2')).Value?.Content, example.Response, json);
        }

        // An endpoint may answer the same list as JSON and as a file; its example is the JSON.
        if (metadata.OfType<CsvHeader>().LastOrDefault() is { } header
            && operation.Responses is { } responses && responses.TryGetValue("200", out var answer)
            && answer.Content is { } contents && contents.TryGetValue(CsvHeader.ContentType, out var file) && file.Example is not JsonValue)
        {
            file.Example = header.Line;
        }

        var refusals = Refusals(metadata, role, takesKey, operation).DistinctBy(error => error.Code).GroupBy(error => error.Status).OrderBy(group => group.Key);
        operation.Responses ??= [];
        foreach (var refusal in refusals)
        {
            operation.Responses[$"{refusal.Key}"] = ProblemResponse(refusal.Key, [.. refusal], context.Document);
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<ErrorCode> Refusals(IList<object> metadata, RoleRequirement? role, bool takesKey, OpenApiOperation operation)
    {
        if (role is not null)
        {
            yield return PlatformErrors.Unauthenticated;
            yield return PlatformErrors.Forbidden;
            yield return PlatformErrors.UserBlocked;
        }

        if (operation.RequestBody is not null)
        {
            yield return PlatformErrors.BodyInvalid;
            yield return PlatformErrors.ValidationFailed;
            yield return PlatformErrors.BodyTooLarge;
            yield return PlatformErrors.UnsupportedMediaType;
        }
        else if (operation.Parameters is { } parameters && parameters.Any(parameter => parameter.In == ParameterLocation.Query))
        {
            yield return PlatformErrors.ValidationFailed;
        }

        if (takesKey)
        {
            yield return PlatformErrors.IdempotencyKeyInvalid;
            yield return PlatformErrors.IdempotencyKeyReused;
        }

        foreach (var error in metadata.OfType<EndpointDocs.Refusals>().SelectMany(refusals => refusals.Errors))
        {
            yield return error;
        }

        yield return PlatformErrors.Unavailable;
    }

    private static void SetExample(IDictionary<string, OpenApiMediaType>? content, object? value, JsonSerializerOptions json)
    {
        if (value is not null)
        {
            foreach (var media in content?.Values ?? [])
            {
                media.Example = JsonSerializer.SerializeToNode(value, value.GetType(), json);
            }
        }
    }

    private static OpenApiResponse ProblemResponse(int status, IReadOnlyList<ErrorCode> errors, OpenApiDocument? document) => new()
    {
        Description = $"{ReasonPhrases.GetReasonPhrase(status)}: {string.Join(", ", errors.Select(error => $"`{error.Code}`"))}",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchemaReference(Problem, document),
                Examples = errors.ToDictionary(error => error.Code, IOpenApiExample (error) => new OpenApiExample
                {
                    Value = new JsonObject
                    {
                        ["type"] = Problems.TypeOf(error.Code),
                        ["title"] = ReasonPhrases.GetReasonPhrase(error.Status),
                        ["status"] = error.Status,
                        ["detail"] = error.Detail,
                        ["code"] = error.Code,
                        ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
                    },
                }),
            },
        },
    };

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457 problem details.",
        Required = new HashSet<string> { "type", "title", "status", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Stable, for use in code." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["retryAfter"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64",
                Description = "Seconds, the same as the header Retry-After." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Messages by field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };
}
