/*-------------------------------------------------------------------------
 *
 * params.c
 *	  Connection parameters.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "params.h"

static CmParams *
params_for(int most, int expand_dbname)
{
	size_t	  room = (size_t) most + CM_MOST_OVERRIDES + 1;
	CmParams *params = calloc(1, sizeof(*params));

	if (params == NULL)
		return NULL;
	params->keywords = calloc(room, sizeof(char *));
	params->values = calloc(room, sizeof(char *));
	params->expand_dbname = expand_dbname;
	if (params->keywords != NULL && params->values != NULL)
		return params;
	cm_params_free(params);
	return NULL;
}

/* Frees the parameters and returns false if memory is out. */
static bool
add_copy(CmParams *params, const char *keyword, const char *value)
{
	char *key = strdup(keyword);
	char *text = strdup(value);

	if (key == NULL || text == NULL)
	{
		free(key);
		free(text);
		cm_params_free(params);
		return false;
	}
	params->keywords[params->count] = key;
	params->values[params->count] = text;
	params->count++;
	return true;
}

CmParams *
cm_params_copy(const char *const *keywords, const char *const *values,
			   int expand_dbname)
{
	CmParams *params;
	int		  given = 0;

	while (keywords != NULL && keywords[given] != NULL)
		given++;
	params = params_for(given, expand_dbname);
	for (int i = 0; params != NULL && i < given; i++)
		if (values[i] != NULL && !add_copy(params, keywords[i], values[i]))
			return NULL;
	return params;
}

CmParams *
cm_params_of_options(const PQconninfoOption *options)
{
	CmParams *params;
	int		  given = 0;

	while (options[given].keyword != NULL)
		given++;
	params = params_for(given, 0);
	for (int i = 0; params != NULL && i < given; i++)
		if (options[i].val != NULL &&
			!add_copy(params, options[i].keyword, options[i].val))
			return NULL;
	return params;
}

void
cm_params_reset(CmParams *params)
{
	while (params->overrides > 0)
	{
		params->overrides--;
		params->keywords[params->count + params->overrides] = NULL;
		params->values[params->count + params->overrides] = NULL;
	}
}

void
cm_params_override(CmParams *params, const char *keyword, const char *value)
{
	int at = params->count + params->overrides;

	if (value == NULL || value[0] == '\0' ||
		params->overrides == CM_MOST_OVERRIDES)
		return;
	params->keywords[at] = keyword;
	params->values[at] = value;
	params->overrides++;
}

void
cm_params_free(CmParams *params)
{
	if (params == NULL)
		return;
	for (int i = 0; i < params->count; i++)
	{
		/* One of them may be a password. */
		explicit_bzero((char *) params->values[i], strlen(params->values[i]));
		free((char *) params->values[i]);
		free((char *) params->keywords[i]);
	}
	free(params->keywords);
	free(params->values);
	free(params);
}

const char *
cm_option(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val != NULL && options->val[0] != '\0'
					   ? options->val
					   : NULL;
	return NULL;
}
