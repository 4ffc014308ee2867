using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Maps;

/// <summary>The commands of the jobs of one slice, whose template is parsed once.</summary>
internal sealed class ElementCommands
{
    private ParsedSpec? _parsed;

    public string Of(Job job) => JobViews.CommandOf(job, TemplateOf);

    private CommandTemplate? TemplateOf(JobSpec spec)
    {
        if (!ReferenceEquals(_parsed?.Spec, spec))
            _parsed = new(
                spec,
                CommandTemplate.Parse(spec) is { Ok: true, Value: var template } ? template : null
            );
        return _parsed!.Template;
    }

    private sealed record ParsedSpec(JobSpec Spec, CommandTemplate? Template);
}
