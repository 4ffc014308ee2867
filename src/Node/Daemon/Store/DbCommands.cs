using System.Data.Common;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Shorthands for ADO.NET commands.</summary>
internal static class DbCommands
{
    public static DbParameter Add(this DbCommand command, string name, object? value = null)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
