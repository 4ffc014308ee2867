using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Environments;

/// <summary>Events as users who are not admins may see them.</summary>
public static class EventsOfUsers
{
    /// <summary>The event without the values of an environment; the original stays
    /// unchanged.</summary>
    public static JobEvent WithoutValues(JobEvent e)
    {
        if (e.Submitted?.Spec is not { EnvironmentDefinition.Variables.Count: > 0 } spec)
            return e;
        var shown = e.Clone();
        shown.Submitted.Spec = Definitions.WithoutValues(spec);
        return shown;
    }
}
