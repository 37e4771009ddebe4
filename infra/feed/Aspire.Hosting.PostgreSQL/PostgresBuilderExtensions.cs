namespace Aspire.Hosting
{
    public static class PostgresBuilderExtensions
    {
        public static IResourceBuilder<PostgresServerResource> AddPostgres(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
            throw new DistributedApplicationException(
                $"'{name}' would be a container, which the stand-in for Aspire.Hosting.PostgreSQL does not start. Set SERVERS=local.");

        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
            this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
            throw new NotSupportedException();

        public static IResourceBuilder<PostgresServerResource> WithDataVolume(
            this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
            throw new NotSupportedException();
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    public class PostgresServerResource : ContainerResource
    {
        internal PostgresServerResource(string name)
            : base(name)
        {
        }
    }

    public class PostgresDatabaseResource : Resource
    {
        internal PostgresDatabaseResource(string name)
            : base(name)
        {
        }
    }
}
