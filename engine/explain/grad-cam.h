/* Grad-CAM: where the evidence for a class lies. */
#pragma once

#include "nn/workspace.h"
#include <smearscope/heat-map.h>

/**
 * smear_grad_cam:
 * @net: the workspace's network
 * @input: one image, as for smear_workspace_run()
 * @target: class to explain; -1 for the winner
 * @outputs: (out caller-allocates): as smear_workspace_run()
 *
 * The channels of the last feature map, weighted by the mean gradient of the class's
 * output, summed, negative evidence dropped, largest value 1 (Selvaraju et al., ICCV
 * 2017).
 *
 * Returns: (transfer full): at the resolution of the feature map; all 0 if nothing speaks
 *   for the class
 */
SmearHeatMap *smear_grad_cam (SmearWorkspace *workspace, const SmearNetwork *net,
                              const gfloat *input, gint target, gfloat *outputs);
